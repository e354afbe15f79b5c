package runbook;

import java.util.concurrent.Executor;

/** A thread for each task: on a machine of two cores the common pool has a single one, and who waits keeps it. */
public enum OwnThread implements Executor {
    EACH;

    @Override
    public void execute(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }
}
