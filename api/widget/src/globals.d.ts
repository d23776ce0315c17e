/** What the build writes in front of the modules. */
declare const PINCITE_VERSION: string;
declare const PINCITE_CSS: string;
declare const PINCITE_ENGLISH: Record<string, string | Record<string, string>>;
interface Window { Pincite?: any; }
