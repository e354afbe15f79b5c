package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.SQLDataType.BIGINT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Select;
import runbook.TestPostgres;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.spi.Comparison;
import runbook.spi.Key;
import runbook.spi.Severity;

/** Units with rows of an old shape and of a new one, and a run that compares them, without Temporal. */
final class ComparisonRig extends EngineRig {

    static final String CLAIM = "both shapes say the same";

    private final PlainTable units = new PlainTable("units", "v", List.of(BIGINT));
    private final Start start;
    private final Run run;

    /** A migration that only compares. */
    record Comparing(List<Comparison> comparisons) implements Bare {

        @Override
        public String name() {
            return "comparing";
        }
    }

    ComparisonRig(TestPostgres postgres) {
        this(postgres, Map.of());
    }

    /** @param input more fields of the input */
    ComparisonRig(TestPostgres postgres, Map<String, Object> input) {
        super(postgres);
        sql("create schema copying");
        sql("create table copying.units (k1 bigint primary key, v text)");
        sql("create table copying.old_rows (k bigint not null, name text, amount numeric)");
        sql("create table copying.new_rows (k bigint not null, name text, amount numeric)");
        sql("create index on copying.old_rows (k)");
        sql("create index on copying.new_rows (k)");
        start = start("comparing", input);
        run = own(start, new Comparing(List.of()), "first");
    }

    /** So many units, whose rows are the same in both shapes. */
    ComparisonRig units(int many) {
        sql("insert into copying.units select n, 'v' from generate_series(1, %d) n".formatted(many));
        sql("insert into copying.old_rows select n, 'name ' || n, n from generate_series(1, %d) n".formatted(many));
        sql("insert into copying.new_rows table copying.old_rows");
        sql("analyze copying.units, copying.old_rows, copying.new_rows");
        return this;
    }

    Key key() {
        return units.key();
    }

    PhaseRequest attempt(int attempt) {
        return new PhaseRequest(run, start, Phase.VALIDATION, attempt);
    }

    /** Name and amount of every unit's rows. */
    Comparison comparison() {
        return comparison("o.name", "o.amount");
    }

    /** @param columns of a row {@code o} of either shape, as SQL */
    Comparison comparison(String... columns) {
        return between(side("old_rows", columns), side("new_rows", columns));
    }

    Comparison between(Function<Condition, Select<?>> before, Function<Condition, Select<?>> after) {
        return Comparison.claim(CLAIM, key()).before(before).after(after);
    }

    Function<Condition, Select<?>> side(String rows, String... columns) {
        List<Field<?>> read = new ArrayList<>(key().fields());
        Arrays.stream(columns)
                .forEach(column ->
                        read.add(column.matches("o\\.\\w+") ? field(name("o", column.substring(2))) : field(column)));
        return range -> select(read)
                .from(units)
                .join(table("copying." + rows + " o"))
                .on("o.k = {0}", key().columns().get(0))
                .where(range);
    }

    /** The verdict of one attempt, by so many slots; a statement may take so long. */
    CheckVerdict look(PhaseRequest request, Comparison comparison, Looking looking) {
        Comparisons comparisons = new Comparisons(target, request, looking.pulse(), looking.way());
        return new Results(target, request)
                .run(comparison.claim(), Severity.BLOCKING, () -> comparisons.look(comparison));
    }

    CheckVerdict look(int attempt, Comparison comparison) {
        return look(attempt(attempt), comparison, Looking.ALONE);
    }

    static final class Killed extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** A pulse that ends the work as it begins a chunk. */
    static Pulse killing(int chunk) {
        return detail -> {
            if (detail.toString().contains("chunk=" + chunk)) {
                throw new Killed();
            }
        };
    }

    /** How it is looked. */
    record Looking(Comparisons.Way way, Pulse pulse) {

        static final Looking ALONE =
                new Looking(new Comparisons.Way(1, Duration.ofSeconds(30), Duration.ofHours(1)), Pulse.NONE);

        Looking slots(int many) {
            return new Looking(new Comparisons.Way(many, way.limit(), way.patience()), pulse);
        }

        Looking within(Duration most) {
            return new Looking(new Comparisons.Way(way.slots(), most, way.patience()), pulse);
        }

        Looking patientFor(Duration most) {
            return new Looking(new Comparisons.Way(way.slots(), way.limit(), most), pulse);
        }

        Looking beating(Pulse other) {
            return new Looking(way, other);
        }
    }
}
