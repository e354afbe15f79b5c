package runbook.migrations;

import java.util.List;
import runbook.migrations.individualprocessstatus.IndividualProcessStatus;
import runbook.spi.Migration;

/** The migrations that come with this build, by an explicit list. */
public final class Bundled {

    private Bundled() {}

    public static List<Migration> migrations() {
        return List.of(new IndividualProcessStatus());
    }
}
