package runbook.migrations.individualprocessstatus;

/**
 * One order of events, in words and step by step.
 *
 * @param script moves the racers on; who waits for whom depends on how mirrors and batches are written
 */
record Interleaving(String words, Script script) {

    /** The steps. */
    @FunctionalInterface
    interface Script {
        void force(Race race) throws Exception;
    }

    /** The same where a batch has been before. */
    Interleaving afterTheCopy() {
        return new Interleaving("after the copy: " + words, race -> script.force(race.copied()));
    }

    /** The same, and the foreign key is made and validated. */
    Interleaving thenValidated() {
        return new Interleaving(words, race -> {
            script.force(race);
            race.validates();
        });
    }

    @Override
    public String toString() {
        return words;
    }
}
