package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No value of a statement is told, however it is written, and wherever its text was cut off. */
class WordingTest {

    @Test
    void keeps_what_is_no_value() {
        assertThat(Wording.withoutValues("update \"it's\".t1\n   set a = 'x', b = 12.5 where k = $1 and c = -.5e3"))
                .isEqualTo("update \"it's\".t1 set a = ?, b = ? where k = $1 and c = -?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 'secret'",
                "select 'it''s secret'",
                "select 'a' || 'secret', 'b'",
                "select E'it\\'s secret'",
                "select 'back\\', 'secret'",
                "select 'begin of secret",
                "select 'begin''s secret",
                "select $$secret$$",
                "select $of$it's $$ secret$of$",
                "select $$ begin of secret",
                "select 1 -- secret",
                "select /* secret */ 1",
                "select /* /* */ secret */ 1",
                "select \"of's\", 'secret'",
                "select \"a\"\"'\", 'secret'",
                "select U&'\\0441secret'",
            })
    void tells_no_value(String statement) {
        assertThat(Wording.withoutValues(statement)).startsWith("select").doesNotContain("secret");
    }

    @Test
    void tells_no_number() {
        assertThat(Wording.withoutValues("select 4711, x.a4711, 4711.4711e4711, 0x4711, 4_711"))
                .isEqualTo("select ?, x.a4711, ?, ?, ?");
    }

    @Test
    void bears_a_long_value_and_tells_the_begin_of_a_long_statement() {
        assertThat(Wording.withoutValues("select '" + "secret''".repeat(100_000) + "'"))
                .isEqualTo("select ?");
        assertThat(Wording.withoutValues("select " + "a, ".repeat(1_000)))
                .hasSize(201)
                .endsWith("…");
    }
}
