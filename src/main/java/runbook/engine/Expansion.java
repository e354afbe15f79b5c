package runbook.engine;

import static runbook.generated.engine.Tables.SCRIPT;

import java.util.List;
import java.util.Map;
import org.jooq.impl.DSL;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Migration;

/** Adds the new shape beside the old one: tables, mirrors, functions; the application goes on meanwhile. */
public final class Expansion {

    private Expansion() {}

    public static PhaseReport expand(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Results.begin(target, request);
        int scripts = Scripts.apply(target, request.run(), "schema", pulse);
        Long longest = target.dsl()
                .select(DSL.max(SCRIPT.MILLIS))
                .from(SCRIPT)
                .where(SCRIPT.RUN.eq(request.run().id()))
                .and(SCRIPT.FOLDER.eq("schema"))
                .fetchSingle()
                .value1();
        long longestMillis = longest == null ? 0 : longest;
        return Results.end(
                target,
                request,
                new PhaseReport(
                        Verdict.PASSED,
                        scripts + " scripts, longest " + longestMillis + " ms",
                        List.of(),
                        Map.of("scripts", (long) scripts, "longest script in ms", longestMillis),
                        List.of()));
    }
}
