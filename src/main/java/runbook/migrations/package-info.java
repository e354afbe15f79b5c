/**
 * The bundled migrations, one package each. They describe and do not execute. May import: the spi, generated jOOQ.
 */
@NullMarked
package runbook.migrations;

import org.jspecify.annotations.NullMarked;
