package io.rolehost.jobs.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.rolehost.jobs.Jobs;
import org.junit.jupiter.api.Test;

/** Who may know whom in background work, and which library is at home where. */
final class JobsHouseTest {

  private static final String JOBS = "io.rolehost.jobs";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(Jobs.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void whatRolesUse_ofWhatIsBelow_knowsNothing() {
    noClasses()
        .that()
        .resideInAPackage(JOBS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(JOBS + ".(*)..")
        .because("a role author reads one package; how it is done may change under it")
        .check(CLASSES);
  }

  @Test
  void parts_amongEachOther_haveNoCycle() {
    slices()
        .matching(JOBS + ".(*)..")
        .should()
        .beFreeOfCycles()
        .because("a part that can't be understood alone is not a part")
        .check(CLASSES);
  }

  @Test
  void boot_fromOtherParts_isUnknown() {
    noClasses()
        .that()
        .resideOutsideOfPackage(JOBS + ".boot..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(JOBS + ".boot..")
        .because("boot connects the parts; what it connects is told by interfaces of their own")
        .check(CLASSES);
  }

  @Test
  void libraries_eachHas_oneHome() {
    home("jakarta.jms..", "engine", "queue");
    home("com.github.kagkarlsson..", "schedule");
    home("com.zaxxer.hikari..", "ledger");
    home("org.sqlite..", "ledger");
    home("io.methvin..", "files");
    home("dev.failsafe..", "ledger", "queue");
  }

  private static void home(String library, String... parts) {
    String[] homes = new String[parts.length];
    for (int i = 0; i < parts.length; i++) {
      homes[i] = JOBS + "." + parts[i] + "..";
    }
    noClasses()
        .that()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because("a library with one home can be changed for another")
        .check(CLASSES);
  }
}
