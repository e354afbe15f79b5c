package runbook;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import runbook.cli.dev.DevTemporal;

/** One real dev server for all tests of a JVM, given to a test that has a parameter {@link DevTemporal}. */
public final class TestTemporal
        implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(TestTemporal.class);
    private static final String MISSING = "no 'temporal' on the PATH";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (DevTemporal.programFound() || required()) {
            return ConditionEvaluationResult.enabled("a real Temporal server can be started, or must be");
        }
        context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE).computeIfAbsent("told", key -> {
            System.err.println("SKIPPED: tests that need a real Temporal server: " + MISSING);
            return true;
        });
        return ConditionEvaluationResult.disabled(MISSING);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        refuseWithout();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        refuseWithout();
    }

    private static void refuseWithout() {
        if (!DevTemporal.programFound()) {
            throw new IllegalStateException(MISSING + ", and CI=true forbids to skip this test");
        }
    }

    private static boolean required() {
        return "true".equals(System.getenv("CI"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DevTemporal.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .computeIfAbsent(
                        DevTemporal.class,
                        key -> DevTemporal.start(DevTemporal.Options.temporary()),
                        DevTemporal.class);
    }
}
