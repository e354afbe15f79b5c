package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.SQLDataType.BIGINT;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Field;
import org.jooq.TableField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.migrations.Bundled;
import runbook.spi.Update;

/** The definition is part of what people approve, and of what a later worker compares: it is the same in every JVM. */
class DefinitionTest {

    /** A set of two has either order, by chance; these and the one of the test agree once in 64 times. */
    private static final int JVMS = 6;

    /** Prints the definition of each bundled migration. */
    public static void main(String[] arguments) {
        Bundled.migrations().forEach(migration -> System.out.println(Plan.definition(migration)));
    }

    @Test
    @Timeout(120)
    void every_jvm_finds_the_same() throws Exception {
        List<Process> programs = new ArrayList<>();
        for (int i = 0; i < JVMS; i++) {
            programs.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            DefinitionTest.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        List<String> printed = new ArrayList<>();
        for (Process program : programs) {
            printed.add(new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }

        String here = String.join(
                "\n", Bundled.migrations().stream().map(Plan::definition).toList());
        assertThat(printed).extracting(String::strip).containsOnly(here).hasSize(JVMS);
    }

    @Test
    void the_order_in_which_columns_are_named_is_not_part_of_it() {
        assertThat(Plan.definition(setting("a", "b"))).isEqualTo(Plan.definition(setting("b", "a")));
    }

    private static Copying setting(String... columns) {
        Map<TableField<?, ?>, Field<?>> set = new LinkedHashMap<>();
        PlainTable table = new PlainTable("source", "text", List.of(BIGINT));
        for (String column : columns) {
            set.put(new PlainTable("source", column, List.of(BIGINT)).text(), inline(column));
        }
        return new Copying(List.of(Update.of(table.key(), "filled", table.text().isNull(), set)));
    }
}
