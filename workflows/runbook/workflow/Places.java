package runbook.workflow;

import runbook.message.RunReport;

/** The words for where a run is: in {@code status}, and in the one search attribute. */
final class Places {

    private Places() {}

    /** The phase that a place belongs to: the hold and the drop are parts of the clean-up. */
    static String phase(String place) {
        return place.equals("hold") || place.equals("drop") ? "cleanup" : place;
    }

    /** {@code backfill}, {@code waiting: cutover}, {@code parked: backfill}, {@code paused}, {@code completed} …. */
    static String label(RunReport report) {
        String state = report.status().state();
        return switch (state) {
            case "running" -> report.place();
            case "waiting" ->
                "waiting: "
                        + (report.evidence() == null
                                ? report.place()
                                : report.evidence().gate());
            case "parked" -> "parked: " + report.place();
            default -> state;
        };
    }
}
