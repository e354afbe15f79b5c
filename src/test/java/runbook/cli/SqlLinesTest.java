package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlLinesTest {

    @Test
    void breaks_before_clauses_and_changes_white_space_alone() {
        String sql =
                "select \"a\".\"id\" from \"orders\" as \"a\" left outer join \"users\" as \"u\" on \"u\".\"id\" = \"a\".\"by\""
                        + " where (\"a\".\"state\" is null and \"u\".\"id\" is null) order by 1";

        String broken = SqlLines.broken(sql);

        assertThat(broken.lines())
                .hasSize(6)
                .anyMatch(line -> line.startsWith("left outer join"))
                .anyMatch(line -> line.startsWith("  and "));
        assertThat(broken.replaceAll("\\s+", " ")).isEqualTo(sql);
    }

    @Test
    void leaves_quoted_text_alone() {
        String sql =
                "select 'taken  from  where  and  it''s  set' as \"sent  from  and  where\" from \"a_table_with_a_long_name\""
                        + " where true";

        assertThat(SqlLines.broken(sql))
                .contains("'taken  from  where  and  it''s  set' as \"sent  from  and  where\"\nfrom ");
    }

    @Test
    void leaves_short_statements_and_scripts_alone() {
        assertThat(SqlLines.broken("select 1 from a where b")).isEqualTo("select 1 from a where b");
        assertThat(SqlLines.broken("-- a script\nselect 1\n")).isEqualTo("-- a script\nselect 1");
    }
}
