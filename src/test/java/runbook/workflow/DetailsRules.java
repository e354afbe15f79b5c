package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the Web UI can show: measured on it, at the width of a small screen. */
final class DetailsRules {

    private DetailsRules() {}

    /** The page itself, if it keeps every rule. */
    static String held(String page) {
        assertThat(page.getBytes(StandardCharsets.UTF_8).length).as("bytes").isLessThan(4096);
        List<String> code = new ArrayList<>();
        StringBuilder prose = new StringBuilder();
        boolean inside = false;
        for (String line : page.split("\n", -1)) {
            if (line.startsWith("```")) {
                inside = !inside;
            } else if (inside) {
                code.add(line);
            } else {
                prose.append(line.replaceAll("`[^`]*`", "")).append('\n');
            }
        }
        assertThat(inside).as("a code block is left open").isFalse();
        assertThat(code).allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(54));
        assertThat(prose.toString())
                .as("the UI's typography changes these outside of code")
                .doesNotContain("--", "\"", "$")
                .doesNotContainPattern("\\d/\\d")
                .doesNotContain("temporal workflow")
                .doesNotContain("\n\n\n");
        assertThat(page.lines().findFirst().orElse("")).startsWith("### ");
        return page;
    }
}
