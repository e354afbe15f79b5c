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
                "select U&'it!0027s secret' uescape '!'",
                "select $é$it's $$ secret$é$",
                "select $_é1$ begin of secret",
                "select a$x$, $x$secret$x$",
                "select é$x$, $x$secret$x$",
                "select $1$x$secret$x$",
                "select 1 -- '\r, 'begin of\nsecret'",
                "select \"begin of a name's secret",
            })
    void tells_no_value(String statement) {
        assertThat(Wording.withoutValues(statement)).startsWith("select").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set app.user to 'secret'",
                "set app.user = secret",
                "SET LOCAL app.user TO secret, \"secret\"",
                "set session \"app\".\"user\"=\"a;secret\"",
                "set -- of\napp.user to secret",
                "set time zone secret",
                "begin; set app.user = secret; select 1",
                "alter role r in database d set app.user = secret",
                "alter system set app.user to secret",
                "create function f() returns int set app.user = secret language sql as 'select 1'",
            })
    void tells_nothing_that_a_parameter_is_set_to(String statement) {
        assertThat(Wording.withoutValues(statement)).contains(" ?").doesNotContain("secret");
    }

    @Test
    void tells_which_parameter_is_set_and_what_comes_before_and_after() {
        assertThat(Wording.withoutValues("begin; set local app.user = secret; update t set a = b where \"to\" = c"))
                .isEqualTo("begin; set local app.user = ?; update t set a = b where \"to\" = c");
    }

    @Test
    void tells_no_truth_value() {
        assertThat(Wording.withoutValues("select TRUE, truely, x.false_ from t where a is false"))
                .isEqualTo("select ?, truely, x.false_ from t where a is ?");
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
