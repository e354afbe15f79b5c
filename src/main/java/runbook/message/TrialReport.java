package runbook.message;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The verification record of a trial.
 *
 * @param refused why there is none; empty when there is
 * @param alreadyMigrated whether somebody had brought the unit over before this trial was asked for
 * @param issues what the record finds wrong, each in words
 * @param record the columns of the migration's verification, in order: text, lists of text, numbers, truth values; null
 *     where there is none, which is not the same as blank
 */
public record TrialReport(
        String refused, boolean alreadyMigrated, List<String> issues, Map<String, @Nullable Object> record) {

    public static TrialReport refused(String why) {
        return new TrialReport(why, false, List.of(), Map.of());
    }
}
