/** What the build writes in front of the modules. */
declare const PINCITE_VERSION: string;
declare const PINCITE_CSS: string;
declare const PINCITE_ENGLISH: Record<string, string | Record<string, string>>;
declare class Highlight { constructor(...ranges: Range[]); }
declare namespace CSS { const highlights: Map<string, Highlight>; }
interface Window { Pincite?: any; }
