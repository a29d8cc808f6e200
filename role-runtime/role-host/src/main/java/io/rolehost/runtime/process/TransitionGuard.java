package io.rolehost.runtime.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Keeps a thread dump from ending the process. In Java 25 the JVM itself can crash when a virtual
 * thread is mounted or unmounted at the moment the dump comes to it (JDK-8364343): of a hundred
 * dumps of threads that do nothing else, one did. The dump holds such changes up only if a tool
 * interface (JVMTI) was ever asked for; so it is, once, and never used. From then on each mount
 * costs a little more, as it does under a debugger or a profiler.
 */
final class TransitionGuard {

  private static final int JVMTI_VERSION_21 = 0x30150000;

  /** Where {@code GetEnv} is in the table of functions that a {@code JavaVM} points to. */
  private static final int GET_ENV = 6;

  private static boolean asked;

  private TransitionGuard() {}

  /** Raises it, if native access is enabled; else a warning of the JVM would be the price. */
  static synchronized void raise() {
    if (asked || !TransitionGuard.class.getModule().isNativeAccessEnabled()) {
      return;
    }
    asked = true;
    try {
      askForToolInterface();
    } catch (Throwable e) { // a method handle declares it; whatever it is, the dump comes first
      System.getLogger(TransitionGuard.class.getName())
          .log(System.Logger.Level.DEBUG, "The JVM gave no tool interface", e);
    }
  }

  @SuppressWarnings("restricted") // it is asked before whether that is enabled
  private static void askForToolInterface() throws Throwable {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      String library = System.mapLibraryName("jvm");
      SymbolLookup jvm =
          SymbolLookup.libraryLookup(
              Path.of(System.getProperty("java.home", ""), "lib", "server", library), arena);
      MethodHandle createdVms =
          linker.downcallHandle(
              jvm.findOrThrow("JNI_GetCreatedJavaVMs"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS));
      MemorySegment vms = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      int _ = (int) createdVms.invokeExact(vms, 1, count);
      if (count.get(ValueLayout.JAVA_INT, 0) != 1) {
        return;
      }
      MemorySegment vm = vms.get(ValueLayout.ADDRESS, 0);
      MemorySegment functions =
          vm.reinterpret(ValueLayout.ADDRESS.byteSize())
              .get(ValueLayout.ADDRESS, 0)
              .reinterpret((GET_ENV + 1) * ValueLayout.ADDRESS.byteSize());
      MethodHandle getEnv =
          linker.downcallHandle(
              functions.getAtIndex(ValueLayout.ADDRESS, GET_ENV),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      int _ = (int) getEnv.invokeExact(vm, arena.allocate(ValueLayout.ADDRESS), JVMTI_VERSION_21);
    }
  }
}
