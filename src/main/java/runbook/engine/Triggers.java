package runbook.engine;

import static org.jooq.impl.DSL.field;

import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.spi.Mirror;

/** Whether what should see every write is there, and sees what an application does. */
final class Triggers {

    private Triggers() {}

    static boolean fires(DSLContext dsl, Mirror mirror) {
        return fires(dsl, mirror.on(), DSL.name(mirror.trigger()));
    }

    /** A replica's trigger is there and fires for nobody who writes here. */
    static boolean fires(DSLContext dsl, Table<?> table, Name trigger) {
        String mode = mode(dsl, table, trigger);
        return "O".equals(mode) || "A".equals(mode);
    }

    static @Nullable String mode(DSLContext dsl, Mirror mirror) {
        return mode(dsl, mirror.on(), DSL.name(mirror.trigger()));
    }

    /** When the trigger fires, in a letter of {@code pg_trigger}; {@code null} where it is not there. */
    static @Nullable String mode(DSLContext dsl, Table<?> table, Name trigger) {
        Field<String> enabled = field("tgenabled::text", String.class);
        return dsl.select(enabled)
                .from("pg_catalog.pg_trigger")
                .where(field("tgname", String.class).eq(trigger.unquotedName().toString()))
                .and(field("tgrelid::bigint", Long.class).eq(Sql.oid(table)))
                .fetchOne(enabled);
    }
}
