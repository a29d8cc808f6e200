package io.rolehost.freeze;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The flag in the configuration file keeps the contract. */
final class FlagSourceContractTest extends FreezeSourceContract {

  @TempDir private Path folder;

  @Override
  protected FreezeSource open() {
    return new FlagSource(file(), null);
  }

  @Override
  protected void set(boolean frozen) throws IOException {
    Files.writeString(file(), FlagSource.KEY + " = " + frozen);
  }

  @Override
  protected void breakPlace() throws IOException {
    Files.writeString(file(), FlagSource.KEY + " = {");
  }

  @Override
  protected void repairPlace() throws IOException {
    set(true);
  }

  private Path file() {
    return folder.resolve("application.conf");
  }
}
