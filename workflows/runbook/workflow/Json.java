package runbook.workflow;

import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runbook.message.Body;
import runbook.message.StartInput;
import runbook.message.Verb;

/** Decodes what people typed; nothing they can type makes it throw. */
final class Json {

    // The converter's own message is left out: it quotes what was typed.
    private static final String BROKEN = "something that is not JSON";

    private Json() {}

    static Body body(Verb verb, @Nullable RawValue raw) {
        try {
            return Body.of(verb, decoded(raw));
        } catch (DataConverterException notJson) {
            return Body.broken(verb, BROKEN);
        }
    }

    static StartInput input(@Nullable RawValue raw) {
        try {
            return StartInput.of(decoded(raw));
        } catch (DataConverterException notJson) {
            String problem = "expected one JSON object with at least 'migration' and 'target', found " + BROKEN;
            return new StartInput(StartInput.of(null).start(), List.of(problem));
        }
    }

    private static @Nullable Object decoded(@Nullable RawValue raw) {
        return raw == null
                ? null
                : DefaultDataConverter.STANDARD_INSTANCE.fromPayload(raw.getPayload(), Object.class, Object.class);
    }
}
