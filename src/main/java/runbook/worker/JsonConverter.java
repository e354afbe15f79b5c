package runbook.worker;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;

/** How records become the JSON in workflow histories. */
public final class JsonConverter {

    private JsonConverter() {}

    /**
     * Reads what a newer version wrote. A field that this version does not know must not stop a run that has waited for
     * weeks; what a person sends is checked field by field elsewhere.
     */
    public static DataConverter tolerant() {
        ObjectMapper mapper = JacksonJsonPayloadConverter.newDefaultObjectMapper()
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
        return DefaultDataConverter.newDefaultInstance()
                .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(mapper));
    }
}
