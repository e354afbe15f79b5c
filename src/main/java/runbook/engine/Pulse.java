package runbook.engine;

/** How long work tells that it is alive, and learns that it is no longer wanted. */
@FunctionalInterface
public interface Pulse {

    /** A pulse that nobody feels, for work that is too short to need one. */
    Pulse NONE = detail -> {};

    /**
     * Called between two pieces of work, never inside a transaction.
     *
     * @param detail flat facts, name first; no key, no value
     * @throws RuntimeException when the work is no longer wanted; it must pass through
     */
    void beat(Object detail);
}
