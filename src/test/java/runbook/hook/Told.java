package runbook.hook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import runbook.message.Notice;
import runbook.message.Occasion;
import runbook.message.Run;

/** Notices of a run. */
final class Told {

    private Told() {}

    static Notice of(Occasion occasion) {
        return new Notice(
                "5f0e/hook/7",
                occasion,
                Instant.parse("2026-05-04T03:02:01Z"),
                new Run("individual_process_status", "shop", 3, 1, "individual_process_status@shop", "5f0e"),
                "default",
                "cutover",
                "parked: cutover",
                "",
                "",
                "",
                Duration.ZERO,
                List.of("3 rows differ."),
                "temporal workflow metadata -w individual_process_status@shop");
    }

    static Notice throttled(String lasting) {
        return of(Occasion.THROTTLED).lasting(Duration.parse(lasting));
    }
}
