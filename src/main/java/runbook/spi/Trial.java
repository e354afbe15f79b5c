package runbook.spi;

import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Select;

/**
 * One unit brought over alone, before the whole table is.
 *
 * @param backfill the name of the backfill that brings the unit over
 * @param verification one row for the unit: what a person reads to believe it. A column {@code issues}, an array of
 *     text, says what is wrong with the unit; the run does not go on while it says anything
 */
public record Trial(String backfill, Key key, Function<Condition, Select<?>> verification) {}
