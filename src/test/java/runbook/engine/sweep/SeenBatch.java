package runbook.engine.sweep;

import org.jspecify.annotations.Nullable;

/** One batch transaction, as the proxy sees it go by. */
final class SeenBatch {

    /** How far it has come. */
    enum Stage {
        /** The database has not got its COMMIT. */
        OPEN,
        COMMITTING,
        ANSWERED,
        /** The worker knows how it ended: nobody can be killed in it any more. */
        TOLD
    }

    private final Link link;
    private volatile Stage stage = Stage.OPEN;
    private volatile @Nullable String transaction;

    SeenBatch(Link link) {
        this.link = link;
    }

    Link link() {
        return link;
    }

    Stage stage() {
        return stage;
    }

    void is(Stage now) {
        stage = now;
    }

    /** The number of its transaction, for those who ask the database later; {@code null} while nobody has looked. */
    @Nullable
    String transaction() {
        return transaction;
    }

    void numbered(@Nullable String number) {
        transaction = number;
    }
}
