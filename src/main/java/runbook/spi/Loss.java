package runbook.spi;

import org.jooq.Select;

/** Rows of the new shape that the old one cannot hold: what a roll-back would lose, counted on the real rows. */
public record Loss(String claim, Select<?> rows) {}
