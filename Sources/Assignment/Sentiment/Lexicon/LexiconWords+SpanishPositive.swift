extension Lexicon {
    /// Words of Spanish that speak well of something, from 4, what one can hardly say better, down to 1.
    /// Written for this project; stems end in a star, phrases are joined by underscores.
    static let spanishPositive = """
        4: a_toda_madre ador* alucinante* amo_a bendecid* bendicion* buenisim* contentisim* de_diez de_lujo
        de_pm de_puta_madre deslumbr* discazo* el_mejor_del_mundo encantadisim* entusiasm* eres_el_mejor
        eres_la_mejor espectacular* estupend* euforia euforic* excelencia excelent* exitazo* exito_total extasis
        extraordinari* fantastic* fascin* felicisim* fenomenal* formidable* genialidad* glorios* golazo*
        guapisim* impresionante* increiblemente_bien inmejorable* insuperable* la_amo la_hostia_de_bueno
        la_mejor_del_mundo las_amo lo_amo lo_mejor_del_mundo los_amo magnific* maravill* matricula_de_honor
        me_fascina me_fascinan me_fascinas me_vuelve_loca me_vuelve_loco mejor_dia_de_mi_vida obra_de_arte
        obra_maestra padrisim* partidazo* peliculon* perfect* preciosisim* riquisim* sois_los_mejores
        son_lo_maximo sos_lo_mas sublime* sueno_hecho_realidad te_adoro te_amo temazo* un_10 un_diez
        un_sueno_cumplido
        3: abrazo* actorazo* admir* afortunad* agradec* alegr* altamente_recomendable ama amad* amamos amar amas
        ambientazo amistad* amo amor* apasion* artistazo* asombros* bella bellas belleza* bellisim* bello bellos
        bendit* besaz* besit* beso besos besote bien_hecho bravisimo bravo brillant* buen_trabajo buena_suerte
        campeon* carcajad* carin* celebr* chapeau chapo chulisim* cochazo* como_mola congratul* crack cracks
        de_10 de_cine de_fabula de_la_hostia de_la_leche de_maravilla delici* dicha dichos* disfrut* divin*
        el_mejor emociona emocionad* emocionant* enamor* encant* enhorabuena entranable* equipazo* eres_grande
        es_la_cana es_la_hostia es_la_leche es_una_pasada espectacularmente espectaculo estupendamente excit
        exito* exquisit* fabulos* felic* felices_fiestas feliz feliz_ano feliz_cumple feliz_cumpleanos
        feliz_cumplen feliz_cumples feliz_dia feliz_navidad fenomeno_eres figura_eres futbolazo gan ganado_el
        ganador* ganamos ganar_la genial* genio* goza gozada* gozar gozo gracias gran_trabajo grande grandisim*
        gratitud guau gustazo hemos_ganado hermos* heroe* heroic* heroina honor* honrad* hurra i_love ideal*
        ilusion ilusiona ilusionad* ilusionante* ilusiones ily inolvidable* joyita jugadorazo* la_mejor la_rompe
        la_rompieron la_rompio la_rompiste las_mejores las_quiero lealtad legendari* linda lindas lindisim*
        lindo lindos lo_mejor lo_peta lo_petan lo_peto lo_quiero_mucho los_mejores los_quiero love loviu luv
        magia magic* maja majas majete majo majos me_alegra me_alegras me_alegro me_descojono me_encanta
        me_encantan me_encantas me_hace_feliz me_meo_de_risa me_muero_de_amor me_parto me_parto_de_risa mejor
        mejor_que_nunca mejores merece_la_pena merece_mucho merecio_la_pena mil_gracias milagro* mola_mazo
        mola_mucho mola_un_monton mucha_suerte muchisimas_gracias muero_de_amor muero_de_risa muero_de_ternura
        muy_grande nivelazo nivelon nos_alegra nos_alegramos nos_encanta nos_encantan nos_encantas ole ole_ole
        orgull* os_queremos os_quiero os_salis paradon* paraiso* pedazo_de_artista petarlo placer* planazo*
        precios* privilegi* prodigi* que_alegria que_arte que_bacan que_bien que_bonita que_bonito que_buena
        que_bueno que_chevere que_chido que_chula que_chulo que_crack que_detalle que_emocion que_ganas
        que_grande que_grandes que_guapa que_guapo que_guay que_gusto que_hermosa que_hermoso que_ilusion
        que_linda que_lindo que_maja que_majo que_maravilla que_maximo que_mona que_mono que_padre
        que_preciosidad que_rica que_rico que_ricura que_risa que_suerte recomendable* recomendad* recomiend*
        risas se_sale se_salen se_salio sobresalient* sois_grandes sonri* suerte super_bien super_buena
        super_bueno super_top superbien superbuen* supercontent* superdivertid* superfeliz superrecomend*
        te_queremos te_quiere te_quiero te_sales ternura tesoro* tierna* tierno* tkm tkmm top_top tqm tqmm
        trabajazo* triunf* uau un_encanto un_gustazo un_lujo un_placer una_delicia una_gozada una_joya
        una_maravilla una_pasada vale_la_pena vale_mucho_la_pena valio_la_pena vaya_pasada victori* viva vivan
        wow yuhu yuju yupi
        2.5: acert* acierto* acogedor* adorable* agradable* al_fin alivi* amabilidad amable* apetitos* aplaudir
        aplaudo aplaus* aprob* aprobado_el armonia ascenso atractiv* bacan* bakan* barbaro bastante_bien
        bienestar bienvenid* bondad* bonit* buen_dia buen_fin_de buen_finde buen_humor buen_provecho
        buen_rollito buen_rollo buen_viaje buena_onda buena_vibra buenas_noches buenas_tardes buenas_vibras
        buenos_dias buenrollo calid* capo carcajada chevere* chida* chidisim* chido* chiste_bueno chollazo*
        chollo* chul* con_ganas confort* consegui* content* cool copad* coraje_y crac creativ* descans*
        deseando_que deseando_ver deseando_verte disfrutadlo disfrutalo diversion* divert* eficac* eficaz*
        eficiencia eficient* elegant* emocion emocionarme emocione encantador* eres_un_maquina esperanzad*
        espl_ndid espl_ndidn espl_ndids esplendid* esta_padre facilisim* favorit* feliz_domingo feliz_finde
        feliz_jueves feliz_lunes feliz_martes feliz_miercoles feliz_sabado feliz_semana feliz_viernes fiel*
        fiera flip* fue_bien galardon* ganas_de_que_llegue ganas_de_veros ganas_de_verte ganga* generos* genial
        gracios* grosa* groso* guap* guay guays gustar gustaria_mucho ha_ido_bien historico homenaje* honest*
        humild* humor idola* idolo* impaciente_por impecable* ingenios* inspir* intachable* inteligencia
        inteligent* ir_bien jaja_que jajaja* la_quiero leal* les_gusta les_gustan les_gustas listo_y lo_consegui
        lo_conseguimos lo_logramos lo_logre lo_pasamos_genial lo_pasare_bien lo_pase_genial lo_quiero logr*
        los_adoro maestro majisim* maquina_eres me_apetece_mucho me_cae_bien me_emociona me_emocionan
        me_emocionas me_emociono me_flipa me_gusta me_gustan me_gustas me_gusto me_mola me_rio me_siento_bien
        me_va_bien me_viene_bien medalla* mejora mejorad* mejorando mejorar* mejoria* menos_mal mi_favorit
        mi_favoritn mi_favorits mola molan molo monisim* mono monstruo_eres motiva motivacion motivad*
        muchas_ganas muy_bien no_puedo_esperar noble* nos_gusta nos_gustan nos_gustas nos_reimos optimis*
        ovacion* padre_esta partirse pasadlo_bien pasalo_bien pasarla_bien pasarlo_bien paz piola por_fin
        positiv* precioso predilect* preferid* premiad* premio* pro profesionalidad puntual* que_alivio
        que_aproveche que_disfruteis que_disfrutes que_lo_disfrutes rapidisim* record refresc* regalazo*
        rei_mucho reir reirme reirse relaj* relax remontad* resolutiv* rica ricas rico ricos risa sabros*
        sale_bien salio_bien salud saludable* satisf* seren* sexy simpatia simpatic* sincer* solidari*
        superacion superad* superar talent* tan_bien tantas_ganas te_gusta te_gustan te_gustas tengo_ganas
        tengo_muchas_ganas titan titanes todo_bien tranquil* trofeo* un_alivio va_bien valentia valient*
        virtuos* ya_era_hora zarpad*
        2: a_por_ellos a_por_todas abrac* abraz* abuelit* aceptable* acierto aconsejable* acuerd* adecuad*
        adelante afortun* agil* agradez* ahorro alta_calidad amen amiga amigas amigo amigos amistos* animo
        animos aniversario* apasiona apetec* apoy* apropiad* arcoiris aroma arregl* arriba atent* aupa avance*
        avanz* ayuda ayudado ayudan ayudar* ayudas ayudo bendiciones bendiga benefic* besis besotes bien birra*
        boda* bombon* bonito_dia bonitos_recuerdos brill* buen buen_rato buena buena_calidad buenas bueno buenos
        buenos_momentos buenos_ratos buenos_recuerdos cachorr* cafecito* calidad cenita* cerveci* chachi
        chocolate* colabor* colorid* comilon* comoda comodas comodidad comodisim* comodo comodos compromiso
        concierto confi confiable* confianza confiar* confio conform* cooper* corazon correct* crec* cumple
        cumpleanos cumplir curios* dale de_calidad decente* desayunito* descuentazo detallaz* detallist* dign*
        dios_los_bendiga dios_te_bendiga dispuest* dulce dulces dulces_suenos dulzura educad* encantad*
        entreten* esperanz* etic* exclusiv* facil* familia fiable* fiesta* fieston* fiestuki finde florec*
        fortuna fresca fresco frescos fuerte fuerte_y gatit* gracias_a_dios gracias_por graciosa graciosas
        gracioso graciosos gran grandes grandes_momentos grandeza grandioso* grata gratamente gratas gratific*
        gratis grato gratos gratos_recuerdos gratuit* grax guapi* gusto gustos* helado* hermana_del hermanit*
        hermoso_dia honra* hospitalari* igualdad impolut* innova innovador* interesant* joya joyas juntas juntos
        justicia_por justo_y libertad* ligero limpi* lindo_dia lo_merece lo_mereces lujo* luminos* mega_bien
        merci merecid* mi_vida mimar* mimit* mimos momentazo* mua muac muak muaks muchos_besos nacimiento
        navidad* nuevecit* oferton* ojala ok_perfecto os_lo_mereceis pasion pasiones pastel* peluche* perrit*
        pizza placer playa playita podemos poderos* potente* practic* preciosidad* premium princes* progres*
        prosper* quer_r querid* radiante* rapida rapidas rapidez rapido rapidos razonable* recomendacion*
        recuerdo_bonito regala regalo* reina reinas reluc* rentab* repar* resolver respet* resuelt* rey
        sabiduria sabio saludit* saludos se_lo_merece segur* sencill* servicial* siesta* sol_eres sol_y solecito
        solido solucion* sonreir sonrie sorprend* sorpresa sorpresas sorpresita sueno_cumplido suertud*
        suficient* super tartas te_lo_mereces thank_you thanks thx tolerancia tolerant* un_abrazo un_beso
        un_saludo util utiles utilisim* vacaciones vacas vale_perfecto vamos veloz venga_va ventaj* verdadero
        vida_mia viernes_por vinito* vocacion
        1: a_favor acompan* ajaj* alto_nivel aprend* apto arte artist* bebe buena_idea campe* celebre* cielo
        cultura descubr* disponible especial* esperemos espero estren* famosa famoso favor fuerza funciona
        funcionan funciono ganas gol goles gool* gust* hola idea importante* inaugur* intens* interes interesad*
        invit* jaj* jeje* jiji* jja* jsjs* ksks* lanzam* leyenda* lol lool* luz mayoria mejor_dicho mitic* mito
        moderno natural* nueva nuevo numero_uno oportunidad* original poesia* poetic* popular posibl* querida
        querido queridos sana sanas sano sanos sirve sirvio union verdad xd xdd*
        """
}
