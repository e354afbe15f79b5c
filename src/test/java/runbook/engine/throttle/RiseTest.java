package runbook.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RiseTest {

    private final Rise rise = new Rise();

    private static long at(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void only_the_last_minute_counts() {
        assertThat(rise.perMinute(at(0), 100)).isZero();
        assertThat(rise.perMinute(at(30), 103)).isEqualTo(3);
        assertThat(rise.perMinute(at(60), 103)).isEqualTo(3);
        assertThat(rise.perMinute(at(91), 104)).isEqualTo(1);
        assertThat(rise.perMinute(at(200), 104)).isZero();
    }

    @Test
    void a_second_is_what_lies_between_two_looks() {
        assertThat(rise.perSecond(at(0), 1_000)).isZero();
        assertThat(rise.perSecond(at(2), 3_000)).isEqualTo(1_000);
        assertThat(rise.perSecond(at(3), 3_500)).isEqualTo(500);
    }

    @Test
    void a_counter_that_was_reset_begins_anew() {
        rise.perMinute(at(0), 100);

        assertThat(rise.perMinute(at(1), 2)).isZero();
        assertThat(rise.perMinute(at(2), 5)).isEqualTo(3);
    }
}
