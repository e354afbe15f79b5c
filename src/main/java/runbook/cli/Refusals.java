package runbook.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import runbook.engine.RunbookException;

/** Tells a person in one message why there is no result. */
final class Refusals {

    /** Only for looking into a fault of ours; a message alone is what people get. */
    private static final String TRACE = "RUNBOOK_TRACE";

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    static int usage(ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("runbook: " + error.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(error, err)) {
            err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return Main.USAGE;
    }

    static int failure(Exception error, CommandLine command, ParseResult parsed) {
        if (System.getenv(TRACE) != null) {
            LOG.error("{} failed.", command.getCommandName(), error);
        }
        command.getErr().println("runbook: " + words(error));
        command.getErr().flush();
        return Main.REFUSED;
    }

    private static String words(Exception error) {
        if (error instanceof RunbookException || error instanceof IllegalArgumentException) {
            return String.valueOf(error.getMessage());
        }
        if (error instanceof UncheckedIOException || error instanceof IOException) {
            Throwable cause =
                    error instanceof UncheckedIOException && error.getCause() != null ? error.getCause() : error;
            return "a file could not be read or written: " + cause.getClass().getSimpleName() + ": "
                    + cause.getMessage();
        }
        SQLException sql = sql(error);
        if (sql != null) {
            return "the database refused: " + words(sql);
        }
        return error.getClass().getSimpleName() + ": " + error.getMessage() + "\nThis was not foreseen. Set " + TRACE
                + "=1 and run it again to see where it comes from.";
    }

    /** The server's words on privileges, names and connections hold no row; those on rows are left in the database. */
    private static String words(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        String first = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        return "SQLSTATE " + state
                + (state.matches("(08|28|3D|42|53|55|57|58).*") && !state.equals("42804") ? ": " + first : "")
                + ". Nothing else was done.";
    }

    private static @Nullable SQLException sql(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
