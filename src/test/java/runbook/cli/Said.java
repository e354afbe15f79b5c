package runbook.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command answered in this JVM. */
record Said(int code, String out, String err) {

    static Said by(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Said(code, out.toString(), err.toString());
    }
}
