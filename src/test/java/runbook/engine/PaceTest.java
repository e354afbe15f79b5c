package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The law of the batch size: up in small steps, down at once, and always within bounds. */
class PaceTest {

    private static final Pace.Aim AIM = new Pace.Aim(200, 0, "nobody else is active");

    private static Pace after(int rows, long... millis) {
        Pace pace = new Pace(rows);
        for (long took : millis) {
            pace.took(took, pace.rows(), AIM);
        }
        return pace;
    }

    @Test
    void grows_by_half_at_most() {
        assertThat(after(1_000, 1).rows()).isEqualTo(1_500);
        assertThat(after(1_000, 0).rows()).isEqualTo(1_500);
        assertThat(after(1_000, 1).why()).isEqualTo("steered to 200 ms, nobody else is active");
    }

    @Test
    void shrinks_at_once_to_what_fits_the_time() {
        assertThat(after(1_000, 400).rows()).isEqualTo(500);
    }

    @Test
    void the_slowest_of_recent_batches_counts() {
        Pace pace = new Pace(1_000);

        pace.took(400, 1_000, AIM);
        pace.took(50, 500, AIM);

        assertThat(pace.rows()).isEqualTo(500);
    }

    @Test
    void one_slow_batch_of_ten_does_not_count() {
        Pace pace = new Pace(1_000);
        pace.took(400, 1_000, AIM);

        for (int batch = 0; batch < 8; batch++) {
            pace.took(50, 500, AIM);
        }
        assertThat(pace.rows()).isEqualTo(500);
        pace.took(50, 500, AIM);

        assertThat(pace.rows()).isEqualTo(750);
    }

    @Test
    void a_batch_of_more_than_five_times_its_time_cuts_to_a_tenth() {
        assertThat(after(1_000, 1_000).rows()).isEqualTo(200);
        assertThat(after(1_000, 1_001).rows()).isEqualTo(100);
        assertThat(after(1_000, 1_001).why())
                .isEqualTo("a tenth: a batch took 1001 ms, more than 5 times its 200 ms, nobody else is active");
    }

    @Test
    void stays_between_ten_and_a_hundred_thousand_rows() {
        assertThat(after(90_000, 1).rows()).isEqualTo(100_000);
        assertThat(after(20, 5_000).rows()).isEqualTo(10);
        assertThat(new Pace(1).rows()).isEqualTo(10);
        assertThat(new Pace(1_000_000).rows()).isEqualTo(100_000);
    }

    @Test
    void is_halved_down_to_the_single_row_and_grows_again_from_ten() {
        Pace pace = new Pace(10);

        for (int times = 0; times < 5; times++) {
            pace.halve("a batch ran into its limit of 10 s");
        }

        assertThat(pace.rows()).isEqualTo(1);
        assertThat(pace.why()).isEqualTo("halved: a batch ran into its limit of 10 s");
        pace.took(1, 1, AIM);
        assertThat(pace.rows()).isEqualTo(10);
    }

    @Test
    void a_batch_that_read_nothing_teaches_nothing() {
        Pace pace = new Pace(1_000);

        pace.took(5_000, 0, AIM);

        assertThat(pace.rows()).isEqualTo(1_000);
    }
}
