package runbook.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import runbook.spi.Migration;
import runbook.spi.Stage;
import runbook.spi.Switch;

/** What a description of a cutover must keep to: a switch that nobody looks at would go unnoticed however bad it is. */
final class StageRules {

    private StageRules() {}

    /** Everything that is wrong, each with its place; empty when nothing is. */
    static List<String> problems(Migration migration) {
        List<String> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Map<String, Integer> shares = new HashMap<>();
        for (Stage stage : migration.cutover()) {
            String where = "migration '" + migration.name() + "': stage '" + stage.name() + "': ";
            if (!names.add(stage.name())) {
                problems.add(where + "a second one of this name; expected one");
            }
            if (stage.switches().isEmpty()) {
                problems.add(where + "expected at least one switch, found none");
            }
            if (stage.checks().isEmpty()) {
                problems.add(
                        where + "expected at least one check, found none: nothing would tell whether the switch was"
                                + " good. Give it one by baked(Duration.ZERO, List.of(Check.blocking(…)))");
            }
            if (stage.watching().length().compareTo(stage.bake()) > 0) {
                problems.add(where + "expected readings that fit into its bake of " + stage.bake() + ", found "
                        + stage.watching().count() + " of them, "
                        + stage.watching().interval() + " apart");
            }
            shares(stage, where, shares, problems);
        }
        return problems;
    }

    private static void shares(Stage stage, String where, Map<String, Integer> shares, List<String> problems) {
        for (Switch flipped : stage.switches()) {
            if (flipped instanceof Switch.Flag flag) {
                Integer before = shares.put(flag.name(), flag.perMille());
                if (before != null && before >= flag.perMille()) {
                    problems.add(where + "flag '" + flag.name() + "': expected more than the " + before
                            + " per mille of the stage before, found " + flag.perMille());
                }
            }
        }
    }
}
