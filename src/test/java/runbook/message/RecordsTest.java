package runbook.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DefaultDataConverter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every record of the package, found by itself: what went into a history must come out of it. */
class RecordsTest {

    static Stream<Class<?>> records() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("runbook.message")
                        .stream()
                        .filter(JavaClass::isRecord)
                        .filter(type ->
                                type.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))
                        .map(JavaClass::reflect);
    }

    @ParameterizedTest
    @MethodSource("records")
    void survives_the_way_through_a_history(Class<?> type) throws Exception {
        Object before = filled(type);

        Payload payload =
                DefaultDataConverter.STANDARD_INSTANCE.toPayload(before).orElseThrow();
        Object after = DefaultDataConverter.STANDARD_INSTANCE.fromPayload(payload, type, type);

        assertThat(after).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("records")
    void survives_without_what_may_be_missing(Class<?> type) throws Exception {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            boolean optional = Arrays.stream(components[i].getAnnotatedType().getAnnotations())
                    .anyMatch(annotation ->
                            annotation.annotationType().getSimpleName().equals("Nullable"));
            values[i] = optional ? null : value(components[i].getGenericType(), i);
        }
        Object before = constructed(type, values);

        Payload payload =
                DefaultDataConverter.STANDARD_INSTANCE.toPayload(before).orElseThrow();

        assertThat((Object) DefaultDataConverter.STANDARD_INSTANCE.fromPayload(payload, type, type))
                .isEqualTo(before);
    }

    private static Object filled(Class<?> type) throws Exception {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = value(components[i].getGenericType(), i);
        }
        return constructed(type, values);
    }

    private static Object constructed(Class<?> type, @Nullable Object[] values) throws Exception {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        return type.getDeclaredConstructor(types).newInstance(values);
    }

    /** A value that differs from the default and from its neighbours. */
    private static Object value(Type type, int place) throws Exception {
        if (type instanceof ParameterizedType generic) {
            Type[] of = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return List.of(value(of[0], place), value(of[0], place + 1));
            }
            Map<Object, Object> map = new LinkedHashMap<>();
            map.put(value(of[0], place), value(of[1], place));
            return map;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return filled(plain);
        }
        return plain.isEnum() ? plain.getEnumConstants()[plain.getEnumConstants().length - 1] : scalar(plain, place);
    }

    private static Object scalar(Class<?> type, int place) {
        return switch (type.getSimpleName()) {
            case "String", "Object" -> "text " + place;
            case "int", "Integer" -> 7 + place;
            case "double", "Double" -> 0.5 + place;
            case "long", "Long" -> 8L + place;
            case "boolean", "Boolean" -> true;
            case "Duration" -> Duration.ofSeconds(90 + place);
            case "Instant" -> Instant.parse("2026-11-21T03:25:01.123456789Z").plusSeconds(place);
            default -> throw new IllegalArgumentException("no value for a " + type.getName());
        };
    }
}
