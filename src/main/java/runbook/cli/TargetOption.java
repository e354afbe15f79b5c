package runbook.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import runbook.engine.Targets;

/** Which database is read: {@code --target}, else what libpq would take, else the only one that there is. */
final class TargetOption {

    @Option(
            names = "--target",
            paramLabel = "T",
            description = "a service in pg_service.conf; the one of PGSERVICE, or the only one, unless given")
    private @Nullable String name;

    @Spec(Target.MIXEE)
    private CommandSpec mixee = CommandSpec.create();

    String name() {
        if (name != null) {
            return name;
        }
        String service = System.getenv("PGSERVICE");
        if (service != null && !service.isBlank()) {
            return service;
        }
        List<String> known = Targets.known();
        if (known.size() == 1) {
            return known.get(0);
        }
        throw new ParameterException(
                mixee.commandLine(),
                "which target? The service file names "
                        + (known.isEmpty() ? "none" : String.join(", ", known))
                        + ". Give one with --target, or set PGSERVICE.");
    }
}
