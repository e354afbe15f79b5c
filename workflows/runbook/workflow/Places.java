package runbook.workflow;

import runbook.message.RunReport;

/** The words for where a run is: in {@code status}, and in the one search attribute. */
final class Places {

    private Places() {}

    /** The phase that a place belongs to: the hold and the drop are parts of the clean-up. */
    static String phase(String place) {
        return place.equals("hold") || place.equals("drop") ? "cleanup" : place;
    }

    /**
     * {@code backfill}, {@code waiting: cutover}, {@code outside window: cutover}, {@code parked: backfill}, {@code held: cutover},
     * {@code paused}, {@code completed} ….
     */
    static String label(RunReport report) {
        String state = report.status().state();
        return switch (state) {
            case "running" -> (awaitsWindow(report) ? "outside window: " : "") + report.place();
            case "waiting" ->
                "waiting: "
                        + (report.evidence() == null
                                ? report.place()
                                : report.evidence().gate());
            case "parked", "held" -> state + ": " + report.place();
            default -> state;
        };
    }

    /** Every other place that lasts until a time is a wait of its own. */
    private static boolean awaitsWindow(RunReport report) {
        return report.until() != null
                && !report.place().equals("soak")
                && !report.place().equals("hold");
    }
}
