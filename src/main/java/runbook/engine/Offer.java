package runbook.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import runbook.spi.Check;
import runbook.spi.Comparison;
import runbook.spi.Key;
import runbook.spi.Migration;
import runbook.spi.Repair;

/** What can be done about the counter-examples of one check; there is at least one repair. */
record Offer(String claim, Key key, List<Repair> repairs) {

    private Offer(Check check) {
        this(check.claim(), check.key(), check.repairs());
    }

    private Offer(Comparison comparison) {
        this(comparison.claim(), comparison.key(), comparison.repairs());
    }

    /** The offers of a migration by the claim of their check, in the order in which the checks run. */
    static Map<String, Offer> of(Migration migration) {
        List<Offer> all = new ArrayList<>();
        migration.assessment().forEach(check -> all.add(new Offer(check)));
        migration.validation().forEach(check -> all.add(new Offer(check)));
        migration.comparisons().forEach(comparison -> all.add(new Offer(comparison)));
        migration.cutover().forEach(stage -> stage.checks().forEach(check -> all.add(new Offer(check))));
        Map<String, Offer> offers = new LinkedHashMap<>();
        all.stream().filter(o -> !o.repairs().isEmpty()).forEach(o -> offers.put(o.claim(), o));
        return offers;
    }

    List<String> names() {
        return repairs.stream().map(Repair::name).toList();
    }
}
