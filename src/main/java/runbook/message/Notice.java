package runbook.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What happened to a run, as its hooks are told. Nothing in it comes from a row, and nobody's comment is in it.
 *
 * @param id the same however often it is told, and of no other notice
 * @param at by the time of the run
 * @param place a phase, a gate, or what is waited at
 * @param state what the search attribute {@code RunbookState} carries
 * @param verdict how a phase, a proof or the run ended; empty for none
 * @param evidence the hash that a gate's approvals quote; empty for none
 * @param person who approved; empty for nobody
 * @param lasting how long the copy has been held up; zero for anything else
 * @param problems what a person must look at
 * @param command what to type, or where to look
 */
public record Notice(
        String id,
        Occasion occasion,
        Instant at,
        Run run,
        String namespace,
        String place,
        String state,
        String verdict,
        String evidence,
        String person,
        Duration lasting,
        List<String> problems,
        String command) {

    public Notice {
        problems = List.copyOf(problems);
    }

    /** The same occasion with how it ended, and what is wrong. */
    public Notice with(String found, List<String> wrong) {
        return new Notice(
                id, occasion, at, run, namespace, place, state, found, evidence, person, lasting, wrong, command);
    }

    public Notice by(String approver) {
        return new Notice(
                id, occasion, at, run, namespace, place, state, verdict, evidence, approver, lasting, problems,
                command);
    }

    public Notice lasting(Duration time) {
        return new Notice(
                id, occasion, at, run, namespace, place, state, verdict, evidence, person, time, problems, command);
    }

    /** For a line of the timeline: {@code gate_opened cutover}. */
    public String words() {
        return occasion.word() + (place.isEmpty() ? "" : " " + place);
    }
}
