package io.rolehost.runtime.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static io.rolehost.runtime.architecture.House.CLASSES;
import static io.rolehost.runtime.architecture.House.VALUES;

import org.junit.jupiter.api.Test;

/** What decides about restarts is pure. */
final class PurePolicyTest {

  private static final String POLICY =
      "io\\.rolehost\\.runtime\\.supervision\\."
          + "(RestartPolicy|PolicyLint|AttemptEnd|Decision|Escalation|History|FailurePrint)(\\$.*)?";

  @Test
  void restartPolicy_itsInputsAndDecisions_arePure() {
    classes()
        .that()
        .haveNameMatching(POLICY)
        .should()
        .onlyDependOnClassesThat(
            or(
                nameMatching("(\\[L)?" + POLICY + ";?"),
                VALUES,
                nameMatching("io\\.rolehost\\.runtime\\.journal\\.Fingerprint"),
                resideInAnyPackage("io.rolehost.api", "org.jspecify.annotations")))
        .because(
            "a policy is tested by thousands of lives in virtual time, and can be asked what if")
        .check(CLASSES);
  }
}
