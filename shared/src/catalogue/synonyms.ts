/**
 * What people call protections. Written by hand: none of it was seen on a certificate, so a synonym never proves anything. It leads to the
 * catalogue's own name or, if several protections could be meant, to the names to choose from.
 */

interface Synonym {
  said: readonly string[];
  /** Catalogue titles (`entryTitle`). */
  means: readonly string[];
  /** Why it means the same; for a choice, why only the author can say which. */
  why: string;
  /** The author must choose, even if only one name is known. */
  choose?: true;
}

export const SYNONYMS: readonly Synonym[] = [
  {
    said: ['Rooting Detection', 'Root Protection', 'Anti-Root', 'Anti-Rooting', 'Detect Root', 'Detect Rooted Devices'],
    means: ['Root Detection'],
    why: 'Appdome itself says Root Prevention and Root Detection for one plugin',
  },
  {
    said: [
      'Jailbreak Prevention',
      'Jailbreak Protection',
      'Anti-Jailbreak',
      'Detect Jailbreak',
      'Detect Jailbroken Devices',
    ],
    means: ['Jailbreak Detection'],
    why: 'as with Root Prevention: one protection, whether it only detects is its mode',
  },
  {
    said: [
      'Root and Jailbreak Detection',
      'Jailbreak and Root Detection',
      'Root/Jailbreak Detection',
      'Jailbreak/Root Detection',
    ],
    means: ['Root Detection', 'Jailbreak Detection'],
    why: 'the first is for Android, the second for iOS',
    choose: true,
  },
  {
    said: ['Frida Detection', 'Frida Prevention', 'Frida Protection', 'Anti-Frida', 'Block Frida', 'Prevent Frida'],
    means: ['Detect Frida'],
    why: 'the same words; the stronger Detect Strong Frida has its own name',
  },
  { said: ['Magisk Detection', 'Detect Magisk', 'Anti-Magisk'], means: ['Block Magisk'], why: 'the same tool' },
  {
    said: ['Hook Detection', 'Hooking Detection', 'Anti-Hooking', 'Hooking Framework Detection'],
    means: ['Detect Hooking Frameworks'],
    why: 'the same words',
  },
  {
    said: ['Block Xposed Framework', 'Block Xposed', 'Detect Xposed', 'Xposed Detection', 'Anti-Xposed'],
    means: ['Root Detection', 'Detect Hooking Frameworks'],
    why: "Appdome's article on Xposed names the plugin Root Detection, and Xposed is a hooking framework",
    choose: true,
  },
  {
    said: ['Emulator Detection', 'Emulator Prevention', 'Anti-Emulator', 'Detect Emulators', 'Block Emulators'],
    means: ['Prevent Running on Emulators', 'Detect Google Emulators', 'detect_development_emulators'],
    why: 'certificates print three protections against emulators',
    choose: true,
  },
  {
    said: ['Code Obfuscation', 'Obfuscation', 'Code Hardening', 'Native Code Obfuscation'],
    means: ['smali_obfuscation'],
    why: 'the only obfuscation seen on certificates is that of smali code; how others print is unknown',
    choose: true,
  },
  {
    said: [
      'SSL Pinning',
      'TLS Pinning',
      'Cert Pinning',
      'SSL Certificate Pinning',
      'Secure Certificate Pinning',
      'Public Key Pinning',
    ],
    means: ['Certificate Pinning'],
    why: 'what is pinned is the certificate of a TLS (formerly SSL) server, or its key',
  },
  {
    said: [
      'MiTM Protection',
      'MiTM Detection',
      'Anti-MiTM',
      'Man in the Middle Prevention',
      'Man in the Middle Protection',
      'Man in the Middle Attack Prevention',
    ],
    means: ['Prevent MiTM Attacks'],
    why: 'MiTM is short for man in the middle',
  },
  {
    said: ['TLS Version', 'Minimum TLS Version', 'TLS Version Enforcement'],
    means: ['Secure TLS Version'],
    why: 'the same words',
  },
  {
    said: ['Block Cleartext Traffic', 'Block HTTP', 'Block Non-TLS Connections'],
    means: ['Block Non-SSL Connections'],
    why: 'a connection without TLS (formerly SSL) is clear text',
  },
  {
    said: [
      'Anti-Debug',
      'Debugger Detection',
      'Debug Detection',
      'Debugging Prevention',
      'Prevent Debugging',
      'Detect Debugger',
    ],
    means: ['Anti-Debugging'],
    why: 'the same words; that an app can be debugged at all is Detect Debuggable App',
  },
  { said: ['Anti-Tamper', 'Tamper Prevention', 'Tamper Protection'], means: ['Anti-Tampering'], why: 'the same words' },
  {
    said: ['Tamper Detection', 'App Integrity', 'App Integrity Check', 'Integrity Protection', 'RASP'],
    means: ['Anti-Tampering', 'App Shielding', 'Checksum Validation'],
    why: 'several protections watch whether the app was changed',
    choose: true,
  },
  {
    said: ['Repackaging Detection', 'Repackaging Prevention', 'Anti-Repackaging'],
    means: ['Anti-Tampering', 'Block Mobile App Patching', 'Prevent Static App Patching'],
    why: 'several protections act against changed copies of an app',
    choose: true,
  },
  {
    said: ['Overlay Detection', 'Overlay Protection', 'Anti-Overlay', 'Screen Overlay Detection'],
    means: ['Detect Overlay Attacks'],
    why: 'the same words',
  },
  {
    said: ['Detect Accessibility Service', 'Accessibility Service Detection'],
    means: [
      'Detect Accessibility Service Abuse',
      'Prevent Accessibility Service Malware',
      'Detect Remote Desktop Interactions',
    ],
    why: 'several protections watch accessibility services',
    choose: true,
  },
  {
    said: ['Screenshot Prevention', 'Prevent Screenshots', 'Screen Capture Prevention', 'Screen Recording Prevention'],
    means: ['Prevent App Screen Sharing Scams & Malware', 'Blur Application Screen'],
    why: 'one is about sharing the screen, one blurs it',
    choose: true,
  },
  {
    said: ['Developer Options', 'Developer Mode Detection', 'Detect Developer Mode'],
    means: ['Detect Developer Options'],
    why: 'the switch that Android calls Developer options',
  },
  {
    said: ['Unknown Sources', 'Sideloading Detection', 'Detect Sideloading'],
    means: ['Detect Unknown Sources'],
    why: 'Android calls the permission to sideload Unknown sources',
  },
  {
    said: ['ADB Detection', 'Detect ADB', 'USB Debugging Detection'],
    means: ['Block Android Debug Bridge (ADB)', 'Block USB Debugging', 'Detect ADB by Event'],
    why: 'several protections are about the debug bridge',
    choose: true,
  },
  { said: ['Detect VPN', 'Block VPN', 'VPN Prevention'], means: ['VPN Detection'], why: 'the same words' },
  {
    said: ['Proxy Prevention', 'Block Proxy'],
    means: ['Proxy Detection'],
    why: 'one protection, whether it only detects is its mode',
  },
  {
    said: ['GPS Spoofing Detection', 'Location Spoofing Detection', 'Mock Location Detection', 'Fake GPS Detection'],
    means: ['Detect Fake Location', 'Detect Fake GPS App'],
    why: 'one is about the location, one about the app that fakes it',
    choose: true,
  },
  {
    said: ['Data Encryption', 'Encryption', 'Encryption at Rest'],
    means: ['Data at Rest Encryption', 'TOTALData Encryption'],
    why: 'the second includes the first',
    choose: true,
  },
  {
    said: ['Keylogger Prevention', 'Keylogger Detection', 'Anti-Keylogging'],
    means: ['Prevent Keylogging'],
    why: 'the same words',
  },
  {
    said: ['Clipboard Protection'],
    means: ['Copy/Paste Prevention'],
    why: 'copies are pasted by way of the clipboard',
  },
  {
    said: ['App Cloner Detection', 'App Cloning Detection', 'Anti-Cloning'],
    means: ['Detect App Cloner'],
    why: 'the same words',
  },
  { said: ['Bot Defense', 'Bot Protection', 'Anti-Bot'], means: ['Mobile Bot Defense'], why: 'the suite of that name' },
  {
    said: ['Bootloader Detection', 'Unlocked Bootloader Detection'],
    means: ['Detect Unlocked Bootloader'],
    why: 'a locked bootloader is not a threat',
  },
];

/** The protection that does the same on the other platform. */
export const COUNTERPARTS: ReadonlyArray<readonly [string, string]> = [
  ['Root Detection', 'Jailbreak Detection'],
  ['Google Play Signature Validation', 'App Store Signature Validation'],
];
