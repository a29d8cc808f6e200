package io.rolehost.runtime.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.rolehost.runtime.architecture.House.CLASSES;
import static io.rolehost.runtime.architecture.House.READS_A_CLOCK;
import static io.rolehost.runtime.architecture.House.VALUES;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** What decides is pure. */
final class PureCoreTest {

  private static final DescribedPredicate<JavaClass> ANNOTATIONS =
      resideInAnyPackage("org.jspecify.annotations", "com.google.errorprone.annotations");

  /** A decision or a value of another part that a pure class may know. */
  private static final DescribedPredicate<JavaClass> OUR_VALUES =
      DescribedPredicate.describe(
          "values of ours",
          type ->
              type.getPackageName().startsWith("io.rolehost.api")
                  || type.getName().startsWith("io.rolehost.runtime.config.HostSettings")
                  || type.getName().equals("io.rolehost.freeze.Freeze"));

  @Test
  void lifecycle_whole_isPure() {
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("io.rolehost.runtime.lifecycle")
        .should()
        .onlyDependOnClassesThat(
            or(resideInAPackage("io.rolehost.runtime.lifecycle"), VALUES, ANNOTATIONS, OUR_VALUES))
        .because(
            "the state table is tested by a hundred thousand sequences in virtual time and read as"
                + " a table; one clock, thread or logger in it ends both")
        .check(CLASSES);
  }

  @Test
  void readinessVerdict_itsRuleAndFacts_arePure() {
    ArchRuleDefinition.classes()
        .that()
        .haveNameMatching(
            "io\\.rolehost\\.runtime\\.readiness\\.(Readiness|ReadinessFacts|Verdict)(\\$.*)?")
        .should()
        .onlyDependOnClassesThat(
            or(resideInAPackage("io.rolehost.runtime.readiness"), VALUES, ANNOTATIONS, OUR_VALUES))
        .because("the same facts must give the same answer, whoever asks and when")
        .check(CLASSES);
  }

  @Test
  void pureParts_anyCode_readsNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage("io.rolehost.runtime.lifecycle", "io.rolehost.runtime.readiness")
        .or()
        .haveNameMatching("io\\.rolehost\\.freeze\\.(Freeze|FreezeRule|Scope|CrashLoop)(\\$.*)?")
        .should()
        .callMethodWhere(READS_A_CLOCK)
        .because("the time of a decision is an argument, so that a test can choose it")
        .check(CLASSES);
  }

  @Test
  void freezeRule_whole_isPure() {
    ArchRuleDefinition.classes()
        .that()
        .haveNameMatching(
            "io\\.rolehost\\.freeze\\.(Freeze|FreezeRule|Scope|Identity|CrashLoop)(\\$.*)?")
        .should()
        .onlyDependOnClassesThat(or(resideInAPackage("io.rolehost.freeze"), VALUES, ANNOTATIONS))
        .because("whether something is frozen follows from what the sources say, and nothing else")
        .check(CLASSES);
  }
}
