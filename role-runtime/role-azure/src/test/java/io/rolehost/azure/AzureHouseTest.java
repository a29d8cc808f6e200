package io.rolehost.azure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** Who may do what in the import. */
final class AzureHouseTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test"))
          .importPackages("io.rolehost.azure.importing", "io.rolehost.azure.xml");

  @Test
  void parserOfXml_outsideXml_isUnknown() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.rolehost.azure.xml..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.xml..", "org.w3c..", "org.xml..")
        .because("what keeps hostile files out is set in one place")
        .check(CLASSES);
  }

  @Test
  void files_outsideTheFolder_areNotTouched() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.ImportFolder(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.nio\\.file\\.Files|java\\.io\\.File|java\\.lang\\.(Thread|Process.*|System)"
                + "|java\\.time\\.Clock|java\\.util\\.Random")
        .because("what is decided by the input alone is the same each time")
        .check(CLASSES);
  }
}
