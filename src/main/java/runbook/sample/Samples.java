package runbook.sample;

import java.util.List;
import java.util.stream.Collectors;

/** The samples that there are. */
public final class Samples {

    private static final List<Sample> ALL = List.of(new IndividualProcessStatusSample());

    private Samples() {}

    public static List<Sample> all() {
        return ALL;
    }

    /** The sample for a migration. */
    public static Sample named(String migration) {
        for (Sample sample : ALL) {
            if (sample.name().equals(migration)) {
                return sample;
            }
        }
        throw new IllegalArgumentException("There is no sample for '" + migration + "'. There are: "
                + ALL.stream().map(Sample::name).collect(Collectors.joining(", ")));
    }
}
