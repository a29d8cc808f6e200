package io.rolehost.runtime.process;

import static java.lang.System.Logger.Level.DEBUG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Has the kernel send a signal when the thread that started this process ends ({@code
 * PR_SET_PDEATHSIG}). It is no more than a reason to look at the parent: a node whose thread ends
 * is not a node that ends. So the signal is one that does no harm where it is not expected.
 */
final class ParentDeath {

  private static final System.Logger LOG = System.getLogger(ParentDeath.class.getName());
  private static final int PR_SET_PDEATHSIG = 1;

  /** Ignored by a process that has no handler for it. */
  private static final String SIGNAL = "URG";

  private static final long SIGNAL_NUMBER = 23;

  private ParentDeath() {}

  /**
   * Asks for it on the calling thread, and with its end it is forgotten. Does nothing where it
   * can't be had: not Linux, or native access is not enabled, which the JVM would warn of.
   *
   * @param looks is run at each such signal, on a thread of the machine's
   */
  @SuppressWarnings("restricted")
  static void tell(Runnable looks) {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
        || !ParentDeath.class.getModule().isNativeAccessEnabled()) {
      return;
    }
    try {
      Signals.receive(SIGNAL, looks);
      Linker linker = Linker.nativeLinker();
      MethodHandle prctl =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("prctl"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG),
              Linker.Option.firstVariadicArg(1));
      int result = (int) prctl.invokeExact(PR_SET_PDEATHSIG, SIGNAL_NUMBER, 0L, 0L, 0L);
      LOG.log(DEBUG, "The kernel tells of the end of the node''s thread: {0}", result == 0);
    } catch (Throwable e) { // a method handle declares it
      LOG.log(DEBUG, "The kernel can''t tell of the end of the node", e);
    }
  }
}
