package runbook.cli.dev;

import java.nio.file.Files;
import java.nio.file.Path;

/** A program that runs a stack until it is told to end, as {@code ./runbook dev} does. */
final class StackUntilKilled {

    private StackUntilKilled() {}

    /** Arguments: the ready file, and a file that a part writes when it is stopped. */
    public static void main(String[] arguments) throws InterruptedException {
        DevStack.start(DevStack.Options.temporary()
                        .readyFile(Path.of(arguments[0]))
                        .then(
                                "part",
                                stack -> () -> Files.writeString(
                                        Path.of(arguments[1]),
                                        "postgres "
                                                + ProcessHandle.of(
                                                                stack.postgres().pid())
                                                        .isPresent())))
                .awaitEnd();
    }
}
