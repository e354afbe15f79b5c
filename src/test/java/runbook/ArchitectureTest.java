package runbook;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jooq.Attachable;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DAO;
import org.jooq.DSLContext;

/** The tree of packages is the architecture; this is what keeps it true. */
@AnalyzeClasses(packages = "runbook", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Math.random",
            "java.lang.Thread.sleep",
            UUID.class.getName() + ".randomUUID");

    /** Who may use whom; `memory` is what was generated of the engine's own tables, `tables` that of all others. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            entry("message", List.of()),
            entry("spi", List.of()),
            entry("migrations", List.of("spi", "tables")),
            entry("engine", List.of("message", "spi", "memory")),
            entry("hook", List.of("message")),
            entry("workflow", List.of("message")),
            entry("activity", List.of("message", "spi", "engine", "hook", "workflow")),
            entry("fleet", List.of("message", "spi", "memory", "engine")),
            entry("report", List.of("message", "engine")),
            entry("sample", List.of()));

    @ArchTest
    static final ArchRule workflows_use_only_replayable_packages = only(
            "workflow",
            "runbook.message..",
            "io.temporal.workflow..",
            "io.temporal.activity..",
            "io.temporal.common..",
            "io.temporal.failure..",
            "io.temporal.api.common..",
            "io.temporal.api.enums..",
            "java.lang..",
            "java.math..",
            "java.nio.charset..",
            "java.time..",
            "java.util",
            "java.util.concurrent.atomic..",
            "java.util.function..",
            "java.util.regex..",
            "java.util.stream..");

    @ArchTest
    static final ArchRule workflows_take_time_and_chance_from_temporal = noClasses()
            .that()
            .resideInAPackage("runbook.workflow..")
            .should()
            .callMethodWhere(describe("it reads a clock, waits or draws lots", ArchitectureTest::isClockOrChance))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, SecureRandom.class, ThreadLocalRandom.class, HashMap.class, HashSet.class)
            .because("a replay must see the same times and the same order again")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule messages_have_no_bean_getters = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("runbook.message..")
            .should()
            .haveNameMatching("(is|get)[A-Z].*")
            .because("Jackson writes them as fields that the record then refuses to read")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule only_activities_join_temporal_and_the_engine = noClasses()
            .that()
            .resideInAnyPackage(
                    "runbook.engine..",
                    "runbook.spi..",
                    "runbook.migrations..",
                    "runbook.message..",
                    "runbook.report..",
                    "runbook.hook..",
                    "runbook.fleet..",
                    "runbook.sample..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.temporal..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packages_form_a_one_way_street = oneWayStreet();

    @ArchTest
    static final ArchRule packages_use_only_the_libraries_they_were_given = CompositeArchRule.of(List.of(
            only("message", "java.."),
            only("spi", "java..", "org.jooq.."),
            only("migrations", "java..", "org.jooq..", "runbook.spi..", "runbook.generated.."),
            only(
                    "engine",
                    "java..",
                    "javax.sql..",
                    "org.jooq..",
                    "org.flywaydb..",
                    "org.postgresql..",
                    "com.zaxxer.hikari..",
                    "com.fasterxml.jackson..",
                    "org.erdtman.jcs..",
                    "runbook.message..",
                    "runbook.spi..",
                    "runbook.generated.."),
            only("hook", "java..", "javax.crypto..", "com.fasterxml.jackson..", "runbook.message.."),
            only("report", "java..", "com.fasterxml.jackson..", "runbook.message..", "runbook.engine.."),
            only("sample", "java..", "javax.sql..")));

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("runbook.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule migrations_describe_and_do_not_execute = noClasses()
            .that()
            .resideInAnyPackage("runbook.migrations..", "runbook.spi..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(DSLContext.class, Configuration.class, ConnectionProvider.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(DAO.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..")
            .orShould()
            .callMethodWhere(describe("it runs a statement or attaches a record", ArchitectureTest::isExecution))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule no_drawer_packages = noClasses()
            .should()
            .resideInAnyPackage("runbook..util..", "runbook..common..", "runbook..helper..", "runbook..impl..")
            .allowEmptyShould(true);

    private static ArchRule oneWayStreet() {
        var memory = resideInAPackage("runbook.generated.engine..");
        var street = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("memory")
                .definedBy(memory)
                .layer("tables")
                .definedBy(resideInAPackage("runbook.generated..").and(not(memory)));
        for (var layer : Set.of("worker", "cli")) {
            street = street.layer(layer).definedBy("runbook." + layer + "..");
        }
        for (var layer : MAY_USE.keySet()) {
            street = street.layer(layer).definedBy("runbook." + layer + "..");
        }
        for (var layer : MAY_USE.entrySet()) {
            var from = street.whereLayer(layer.getKey());
            street = layer.getValue().isEmpty()
                    ? from.mayNotAccessAnyLayer()
                    : from.mayOnlyAccessLayers(layer.getValue().toArray(String[]::new));
        }
        return street.allowEmptyShould(true);
    }

    private static ArchRule only(String part, String... packages) {
        var allowed = Stream.concat(
                Stream.of("runbook." + part + "..", "org.slf4j..", "org.jspecify.."), Stream.of(packages));
        return classes()
                .that()
                .resideInAPackage("runbook." + part + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .allowEmptyShould(true);
    }

    private static boolean isClockOrChance(JavaMethodCall call) {
        var owner = call.getTargetOwner();
        return CLOCKS_AND_CHANCE.contains(owner.getName() + "." + call.getName())
                || (owner.getPackageName().equals("java.time") && call.getName().matches("now|system.*|tick.*"));
    }

    private static boolean isExecution(JavaMethodCall call) {
        return call.getTargetOwner().isAssignableTo(Attachable.class)
                && call.getName().matches("(attach|execute|fetch|stream|store|insert|update|merge|delete|refresh).*");
    }
}
