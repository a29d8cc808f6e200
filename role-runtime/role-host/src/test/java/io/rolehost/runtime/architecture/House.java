package io.rolehost.runtime.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;

/** What the rules look at: every class of ours that ships, and words the rules share. */
final class House {

  static final String RUNTIME = "io.rolehost.runtime";

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.rolehost");

  /** Whatever tells the time. */
  static final DescribedPredicate<JavaCall<?>> READS_A_CLOCK =
      describe(
          "read a clock",
          call -> {
            String owner = call.getTargetOwner().getName();
            String name = call.getName();
            return switch (owner) {
              case "java.lang.System" ->
                  name.equals("nanoTime") || name.equals("currentTimeMillis");
              case "java.time.Clock", "java.time.InstantSource" -> name.startsWith("system");
              case "java.util.Date" -> name.equals("<init>");
              default -> owner.startsWith("java.time.") && name.equals("now");
            };
          });

  private static final Set<String> PURE_PACKAGES =
      Set.of("java.util", "java.util.function", "java.util.stream", "java.util.regex", "java.time");

  private static final Set<String> IMPURE_LANG =
      Set.of(
          "Thread",
          "ThreadLocal",
          "ThreadGroup",
          "Runtime",
          "Process",
          "ProcessBuilder",
          "ProcessHandle",
          "System",
          "System$Logger",
          "ClassLoader");

  private static final Set<String> IMPURE_UTIL =
      Set.of("java.util.Random", "java.util.Timer", "java.time.Clock", "java.time.InstantSource");

  /** What a pure class may use of the JDK: values and collections, nothing that acts or waits. */
  static final DescribedPredicate<JavaClass> VALUES =
      describe(
          "values of the JDK",
          type -> {
            JavaClass base = type.getBaseComponentType();
            String packageName = base.getPackageName();
            if (base.isPrimitive()) {
              return true;
            }
            if (packageName.equals("java.lang")) {
              return !IMPURE_LANG.contains(base.getName().substring("java.lang.".length()));
            }
            return packageName.equals("java.lang.annotation")
                || packageName.equals("java.lang.invoke") // what lambdas are made by
                || packageName.equals("java.lang.runtime") // what records and switches are made by
                || base.getName().equals("java.util.concurrent.TimeUnit")
                || base.getName().equals("java.nio.file.Path") // a value; java.nio.file.Files acts
                || base.getName().equals("java.io.Serializable")
                || base.getName().equals("java.lang.reflect.InvocationTargetException")
                || (PURE_PACKAGES.contains(packageName) && !IMPURE_UTIL.contains(base.getName()));
          });

  private House() {}
}
