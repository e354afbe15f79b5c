package runbook.report;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.report.Section.number;
import static runbook.report.Section.plain;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenderingTest {

    @ParameterizedTest
    @CsvSource({"0,0 ms", "999,999 ms", "4240,4.2 s", "59949,59.9 s", "60000,1m 0s", "4320000,1h 12m", "262800000,3d 1h"
    })
    void lengths_of_time_read_well(long millis, String words) {
        assertThat(Words.duration(Duration.ofMillis(millis))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"999,999 B", "1000,1.0 kB", "1234567,1.2 MB", "5000000000,5.0 GB", "7000000000000,7.0 TB"})
    void sizes_read_well(long bytes, String words) {
        assertThat(Words.bytes(bytes)).isEqualTo(words);
    }

    @Test
    void times_are_utc_wherever_the_reader_is() {
        assertThat(Words.time(Instant.parse("2026-11-21T09:41:07Z"))).isEqualTo("2026-11-21 09:41:07");
    }

    @Test
    void text_stands_left_and_numbers_right() {
        Section section = Section.of("Fruit", "Name", "Count")
                .row(plain("apple"), number(7))
                .row(plain("fig"), number(12_000));

        assertThat(TextTable.of(section)).isEqualTo("""
                Fruit
                  Name    Count
                  apple       7
                  fig    12,000
                """);
    }

    @Test
    void a_line_that_would_be_too_long_is_wrapped_and_none_of_it_lost() {
        String words = "one two three ".repeat(30).strip();
        Section section = Section.of("Long", "Name", "Words").row(plain("x"), plain(words));

        String table = TextTable.of(section);

        assertThat(table.lines()).allMatch(line -> line.length() <= 132).hasSizeGreaterThan(4);
        assertThat(table.replaceAll("\\s+", " ")).contains(words);
    }

    @Test
    void html_is_harmless_as_text_and_in_attributes() {
        assertThat(HtmlPage.escaped("<img src=x onerror=\"a('&')\">\u0007"))
                .isEqualTo("&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;\uFFFD");
    }
}
