package io.rolehost.runtime.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.rolehost.runtime.architecture.House.CLASSES;
import static io.rolehost.runtime.architecture.House.RUNTIME;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
final class LayersTest {

  @Test
  void roleApi_whole_usesNothingOfOurs() {
    classes()
        .that()
        .resideInAPackage("io.rolehost.api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.rolehost.api..",
            "java..",
            "javax.sql",
            "com.typesafe.config",
            "org.jspecify.annotations")
        .because("it is for ever, and what it uses every role author has to take along")
        .check(CLASSES);
  }

  @Test
  void freezeSwitch_whole_usesNothingOfOurs() {
    classes()
        .that()
        .resideInAPackage("io.rolehost.freeze..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.rolehost.freeze..",
            "java..",
            "javax.net.ssl",
            "com.typesafe.config",
            "org.jspecify.annotations",
            "picocli..")
        .because("it must work without the runtime, most of all when the runtime is down")
        .check(CLASSES);
  }

  @Test
  void parts_amongEachOther_haveNoCycle() {
    slices()
        .matching(RUNTIME + ".(*)..")
        .should()
        .beFreeOfCycles()
        .because("a part that can't be understood alone is not a part")
        .check(CLASSES);
  }

  @Test
  void boot_fromOtherParts_isUnknown() {
    noClasses()
        .that()
        .resideInAnyPackage(RUNTIME + ".(*)..")
        .and()
        .resideOutsideOfPackage(RUNTIME + ".boot..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(RUNTIME + ".boot..")
        .because("boot connects the parts; what it connects is told by interfaces of their own")
        .check(CLASSES);
  }

  @Test
  void everyPackage_ofOurs_isNullMarked() {
    classes()
        .that()
        .resideInAPackage("io.rolehost..")
        .should(
            new ArchCondition<>("be in a package marked @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                  events.add(
                      SimpleConditionEvent.violated(
                          type, type.getName() + ": its package-info lacks @NullMarked"));
                }
              }
            })
        .because("null is checked by the compiler, and only where it is told to look")
        .check(CLASSES);
  }

  @Test
  void classes_ofTheHost_areFinal() {
    classes()
        .that()
        .resideInAPackage(RUNTIME + "..")
        .and()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should()
        .haveModifier(JavaModifier.FINAL)
        .because("nobody designed them to be extended")
        .check(CLASSES);
  }
}
