// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild

(function (root, factory) {
  if (typeof define === 'function' && define.amd) {
    define(['exports', 'kaitai-struct/KaitaiStream'], factory);
  } else if (typeof exports === 'object' && exports !== null && typeof exports.nodeType !== 'number') {
    factory(exports, require('kaitai-struct/KaitaiStream'));
  } else {
    factory(root.QuoteV4 || (root.QuoteV4 = {}), root.KaitaiStream);
  }
})(typeof self !== 'undefined' ? self : this, function (QuoteV4_, KaitaiStream) {
var QuoteV4 = (function() {
  function QuoteV4(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

    this._read();
  }
  QuoteV4.prototype._read = function() {
    this.header = new Header(this._io, this, this._root);
    this.body = new TdReport(this._io, this, this._root);
    this.signatureDataLen = this._io.readU4le();
    this._raw_signatureData = this._io.readBytes(this.signatureDataLen);
    var _io__raw_signatureData = new KaitaiStream(this._raw_signatureData);
    this.signatureData = new SignatureData(_io__raw_signatureData, this, this._root);
    this.trailing = this._io.readBytesFull();
  }

  var FiveFields = QuoteV4.FiveFields = (function() {
    function FiveFields(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

      this._read();
    }
    FiveFields.prototype._read = function() {
      this.header = new Header(this._io, this, this._root);
      this.body = new TdReport(this._io, this, this._root);
      this.signatureDataLen = this._io.readU4le();
      this.quoteSignature = this._io.readBytes(64);
    }

    return FiveFields;
  })();

  var Header = QuoteV4.Header = (function() {
    function Header(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

      this._read();
    }
    Header.prototype._read = function() {
      this.version = this._io.readU2le();
      if (!(this.version == 4)) {
        throw new KaitaiStream.ValidationNotEqualError(4, this.version, this._io, "/types/header/seq/0");
      }
      this.attestationKeyType = this._io.readU2le();
      this.teeType = this._io.readU4le();
      if (!(this.teeType == 129)) {
        throw new KaitaiStream.ValidationNotEqualError(129, this.teeType, this._io, "/types/header/seq/2");
      }
      this.reserved = this._io.readBytes(4);
      this.qeVendorId = this._io.readBytes(16);
      this.userData = this._io.readBytes(20);
    }

    return Header;
  })();

  var QeCertification = QuoteV4.QeCertification = (function() {
    function QeCertification(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

      this._read();
    }
    QeCertification.prototype._read = function() {
      this.report = new SgxReport(this._io, this, this._root);
      this.reportSignature = this._io.readBytes(64);
      this.authSize = this._io.readU2le();
      this.authData = this._io.readBytes(this.authSize);
      this.certType = this._io.readU2le();
      this.certSize = this._io.readU4le();
      this.certData = this._io.readBytes(this.certSize);
    }

    return QeCertification;
  })();

  var SgxReport = QuoteV4.SgxReport = (function() {
    function SgxReport(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

      this._read();
    }
    SgxReport.prototype._read = function() {
      this.cpusvn = this._io.readBytes(16);
      this.miscselect = this._io.readU4le();
      this.reserved1 = this._io.readBytes(12);
      this.isvextprodid = this._io.readBytes(16);
      this.flags = this._io.readBytes(8);
      this.xfrm = this._io.readBytes(8);
      this.mrenclave = this._io.readBytes(32);
      this.reserved2 = this._io.readBytes(32);
      this.mrsigner = this._io.readBytes(32);
      this.reserved3 = this._io.readBytes(32);
      this.configid = this._io.readBytes(64);
      this.isvprodid = this._io.readU2le();
      this.isvsvn = this._io.readU2le();
      this.configsvn = this._io.readU2le();
      this.reserved4 = this._io.readBytes(42);
      this.isvfamilyid = this._io.readBytes(16);
      this.reportdata = this._io.readBytes(64);
    }

    return SgxReport;
  })();

  var SignatureData = QuoteV4.SignatureData = (function() {
    function SignatureData(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

      this._read();
    }
    SignatureData.prototype._read = function() {
      this.quoteSignature = this._io.readBytes(64);
      this.attestationKey = this._io.readBytes(64);
      this.certType = this._io.readU2le();
      if (!(this.certType == 6)) {
        throw new KaitaiStream.ValidationNotEqualError(6, this.certType, this._io, "/types/signature_data/seq/2");
      }
      this.certSize = this._io.readU4le();
      this._raw_qe = this._io.readBytes(this.certSize);
      var _io__raw_qe = new KaitaiStream(this._raw_qe);
      this.qe = new QeCertification(_io__raw_qe, this, this._root);
    }

    return SignatureData;
  })();

  var TdReport = QuoteV4.TdReport = (function() {
    function TdReport(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

      this._read();
    }
    TdReport.prototype._read = function() {
      this.teeTcbSvn = this._io.readBytes(16);
      this.mrseam = this._io.readBytes(48);
      this.mrsignerseam = this._io.readBytes(48);
      this.seamattributes = this._io.readBytes(8);
      this.tdattributes = this._io.readBytes(8);
      this.xfam = this._io.readBytes(8);
      this.mrtd = this._io.readBytes(48);
      this.mrconfigid = this._io.readBytes(48);
      this.mrowner = this._io.readBytes(48);
      this.mrownerconfig = this._io.readBytes(48);
      this.rtmr = [];
      for (var i = 0; i < 4; i++) {
        this.rtmr.push(this._io.readBytes(48));
      }
      this.reportdata = this._io.readBytes(64);
    }

    return TdReport;
  })();

  return QuoteV4;
})();
QuoteV4_.QuoteV4 = QuoteV4;
});
