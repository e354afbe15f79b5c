package runbook;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * For tests on a real {@code temporal server start-dev}: skipped with one plain line where there is no {@code temporal}
 * on the PATH, failed where {@code CI=true} is set.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TestTemporal.class)
public @interface RequiresTemporal {}
