package io.rolehost.azure.importing;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which values are taken for secrets: rather one too many. Pure. */
final class Secretive {
  private static final Pattern NAME =
      Pattern.compile(
          ".*(password|passwd|passphrase|pwd|secret|token|credential|connectionstring|apikey"
              + "|accesskey|accountkey|storagekey|sharedkey|privatekey|encryptionkey"
              + "|machinekey|primarykey|secondarykey|masterkey|subscriptionkey"
              + "|instrumentationkey|signature|sastoken).*|.*(key|pass|sas|connection|conn)");
  private static final List<String> MARKS =
      List.of(
          "accountkey=",
          "sharedaccesskey=",
          "sharedaccesssignature=",
          "sharedsecretvalue=",
          "password=",
          "password:",
          "pwd=",
          "secret=",
          "sig=",
          "apikey=",
          "token=",
          "-----begin ");
  private static final Pattern IN_URL = Pattern.compile("://[^/@:\\s\"]*:[^@/\\s\"]+@");
  // What a key of a storage account or a machine looks like.
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/_-]{40,}={0,2}|[A-Fa-f0-9]{32,}");
  private static final int LONG = 100_000;

  private Secretive() {}

  /** Returns whether a setting or variable of this name and value is one. */
  static boolean is(String name, String value) {
    if (value.isBlank() || value.strip().equalsIgnoreCase("UseDevelopmentStorage=true")) {
      return false;
    }
    String letters =
        name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "").replace(".", "");
    return NAME.matcher(letters).matches() || is(value);
  }

  /** Returns whether a text holds one, by its form alone. */
  static boolean is(String value) {
    if (value.length() > LONG) {
      return true;
    }
    String lower = value.toLowerCase(Locale.ROOT).replace(" =", "=");
    return MARKS.stream().anyMatch(lower::contains)
        || IN_URL.matcher(value).find()
        || KEY.matcher(value.strip()).matches();
  }
}
