package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;

/** Whatever statements a blocker may have sent, and wherever their text was cut off: no planted value is told. */
class PlantedValuesTest {

    /** In no keyword and no name. */
    private static final String VALUE = "zqzq";

    private static final List<String> HARMLESS = List.of(
            "select",
            "from",
            "a1",
            "t.c",
            "a$x$",
            "é$$",
            "ü",
            "\"it's\"",
            "\"$$\"",
            "\"--\"",
            "\"/*\"",
            "\"a;\"\"b\"",
            "$1",
            "$1::text",
            ",",
            "(",
            ")",
            "=",
            "||",
            "update t set a = b",
            "to",
            "E",
            "U&\"d!0061t\"",
            "''",
            "$$$$",
            "''''",
            "$é$$é$");

    private static final List<String> PLANTED = List.of(
            "'%s'",
            "'it''s %s'",
            "'a' || '%s'",
            "E'it\\'s %s'",
            "e'%s\\\\'",
            "'back\\', '%s'",
            "U&'\\0441%s'",
            "N'%s'",
            "U&'!0027 %s' uescape '!'",
            "$$%s$$",
            "$$it's %s$$",
            "$é$%s$é$",
            "$_é1$ $$ %s$_é1$",
            "$x$ $X$ %s $x$",
            "-- %s\n",
            "-- '\r",
            "-- \"\r '\n%s'",
            "/* %s */",
            "/* /* */ %s */",
            "47114711",
            "-.47114711",
            "4711.4711e-4711",
            "0x4711",
            "1_4711",
            "'a'\n'%s'",
            "\n;set app.user = %s;",
            ";set local \"app\".\"user\" to \"%s\";",
            "; SET a.b TO x, %s;",
            ";set time zone %s;",
            ";alter role r set app.user to %s;",
            ";set -- to\n a.b=\"x;%s\";",
            "; alter system set a = %s;");

    @Provide
    Arbitrary<String> statement() {
        Arbitrary<String> part =
                Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(HARMLESS)), Tuple.of(2, Arbitraries.of(PLANTED)));
        Arbitrary<String> space = Arbitraries.of(" ", "\n", "\t", "  ");
        return Combinators.combine(part, space)
                .as(String::concat)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(parts -> parts.stream().collect(Collectors.joining()).replace("%s", VALUE));
    }

    @Property
    void no_planted_value_is_told(
            @ForAll("statement") String statement, @ForAll @DoubleRange(min = 0, max = 1) double left) {
        int cut = (int) (left * statement.length());

        assertThat(told(statement)).doesNotContain("zq", "4711");
        assertThat(told(statement.substring(0, cut))).doesNotContain("zq", "4711");
    }

    private static String told(String statement) {
        return Wording.withoutValues(statement);
    }
}
