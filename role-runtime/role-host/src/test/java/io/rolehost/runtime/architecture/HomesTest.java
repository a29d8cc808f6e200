package io.rolehost.runtime.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.rolehost.runtime.architecture.House.CLASSES;
import static io.rolehost.runtime.architecture.House.READS_A_CLOCK;
import static io.rolehost.runtime.architecture.House.RUNTIME;

import com.tngtech.archunit.core.domain.JavaCall;
import org.junit.jupiter.api.Test;

/** Every library and every act on the world has one home. */
final class HomesTest {

  @Test
  void netty_outsideManagementAndEndpoint_isUnknown() {
    noClasses()
        .that()
        .resideInAPackage("io.rolehost..")
        .and()
        .resideOutsideOfPackages(RUNTIME + ".management..", RUNTIME + ".endpoint..")
        .and()
        // What both need before the first class of Netty, and neither can have of the other.
        .haveNameNotMatching(".*\\.process\\.Netty(Setup|Logger)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .because("a new major version of Netty must be the work of two packages")
        .check(CLASSES);
  }

  @Test
  void guice_outsideBoot_isUnknown() {
    noClasses()
        .that()
        .resideInAPackage("io.rolehost..")
        .and()
        .resideOutsideOfPackage(RUNTIME + ".boot..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.inject..")
        .because("the host itself is wired by constructors that can be read; Guice is for roles")
        .check(CLASSES);
  }

  @Test
  void guava_anywhere_isUnused() {
    noClasses()
        .that()
        .resideInAPackage("io.rolehost..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.common..")
        .because(
            "it is here for Guice; loading it costs start-up time, and the JDK has what we need")
        .check(CLASSES);
  }

  @Test
  void prometheus_outsideMetrics_isUnknown() {
    noClasses()
        .that()
        .resideInAPackage("io.rolehost..")
        .and()
        .resideOutsideOfPackage(RUNTIME + ".metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .because("names, units and the form of metrics are decided in one place")
        .check(CLASSES);
  }

  @Test
  void dropwizard_outsideItsHomes_isUnknown() {
    noClasses()
        .that()
        .resideInAPackage("io.rolehost..")
        .and()
        // boot gives the registry to the role; readiness adapts Dropwizard's health checks.
        .resideOutsideOfPackages(
            RUNTIME + ".metrics..", RUNTIME + ".boot..", RUNTIME + ".readiness..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.codahale..")
        .because("names, units and the form of metrics are decided in one place")
        .check(CLASSES);
  }

  @Test
  void typesafeConfig_outsideConfig_isNotWalked() {
    noClasses()
        .that()
        .resideInAPackage(RUNTIME + "..")
        .and()
        .resideOutsideOfPackage(RUNTIME + ".config..")
        .should()
        .callMethodWhere(
            describe(
                "walk a Config",
                call -> call.getTargetOwner().getPackageName().startsWith("com.typesafe.config")))
        .because("every key is read, checked and reported in one place; others get HostSettings")
        .check(CLASSES);
  }

  @Test
  void time_outsideSystemTime_isGiven() {
    noClasses()
        .that()
        .resideInAPackage(RUNTIME + "..")
        .and()
        .doNotHaveFullyQualifiedName(RUNTIME + ".process.SystemTime")
        .should()
        .callMethodWhere(READS_A_CLOCK)
        .because("what reads the time by itself can't be tested in virtual time")
        .check(CLASSES);
  }

  @Test
  void sleeping_anywhere_isNotDone() {
    noClasses()
        .that()
        .resideInAPackage("io.rolehost..")
        .should()
        .callMethodWhere(calls("java.lang.Thread", "sleep"))
        .because("a sleep can't be ended by a stop; wait on what a stop can signal")
        .check(CLASSES);
  }

  @Test
  void processEnd_outsideProcessAndBoot_isNotCaused() {
    noClasses()
        .that()
        .resideInAPackage(RUNTIME + "..")
        .and()
        .resideOutsideOfPackages(RUNTIME + ".process..", RUNTIME + ".boot..")
        .and()
        .doNotHaveFullyQualifiedName(RUNTIME + ".RoleHost")
        .should()
        .callMethodWhere(
            describe(
                "end the process",
                call ->
                    (call.getTargetOwner().getName().equals("java.lang.System")
                            && call.getName().equals("exit"))
                        || (call.getTargetOwner().getName().equals("java.lang.Runtime")
                            && (call.getName().equals("exit") || call.getName().equals("halt")))))
        .because("one place chooses the exit code; the first cause must fix it")
        .check(CLASSES);
  }

  @Test
  void foreignMemoryAndPrograms_outsideProcess_areUnknown() {
    noClasses()
        .that()
        .resideInAPackage(RUNTIME + "..")
        .and()
        .resideOutsideOfPackage(RUNTIME + ".process..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.foreign\\..*|java\\.lang\\.ProcessBuilder")
        .because("what talks to the operating system is in one package, to be reviewed as such")
        .check(CLASSES);
  }

  @Test
  void otherLoggers_anywhere_areUnused() {
    noClasses()
        .that()
        .resideInAPackage("io.rolehost..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.slf4j..", "java.util.logging..")
        .because(
            "java.util.logging has a shutdown hook of its own and loads slowly; a library of"
                + " the role's must not decide how the host logs")
        .check(CLASSES);
  }

  private static com.tngtech.archunit.base.DescribedPredicate<JavaCall<?>> calls(
      String owner, String name) {
    return describe(
        "call " + owner + "." + name,
        call -> call.getTargetOwner().getName().equals(owner) && call.getName().equals(name));
  }
}
